package io.github.camelvlm.routes.command;

/**
 * What came of a picture that was named on the command line.
 *
 * @param name as it was named
 * @param caption what was said of it, or null
 * @param json the caption and how it came about, on one line, or null
 * @param isWhole whether it was described, and of a document all pages
 * @param error why there is no caption, or null
 */
record Description(String name, String caption, String json, boolean isWhole, String error) {}
