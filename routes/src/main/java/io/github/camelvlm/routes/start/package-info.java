/**
 * What is done before the routes run: properties are found and checked, and what keeps the application from its start is
 * told in one sentence.
 */
package io.github.camelvlm.routes.start;
