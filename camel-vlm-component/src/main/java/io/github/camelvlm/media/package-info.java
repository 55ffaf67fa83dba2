/**
 * Pictures: from the bytes of a file to RGB pixels as a viewer shows them. The pixels follow Pillow's, the library that
 * the models' own image processors read files with, and no file, however broken, does more than fail with an
 * {@link io.github.camelvlm.media.ImageException}.
 *
 * <p>Each format has one class that walks the file's structure itself (so that a picture is measured before it is
 * decoded, and a cut-off file is told from a whole one) and then hands the decoder a bare copy without metadata.
 * Decoders are those of the JDK and of TwelveMonkeys, but for WebP, whose two halves are decoded here (classes named Vp8
 * and Vp8l): the decoders in Java get colours wrong, and libwebp itself, called through JNI, keeps the garbage collector
 * and with it all threads waiting while it decodes.
 *
 * <p>The simple formats (GIF, BMP, ICO, PSD, TGA, PNM) are decoded here: the decoders that there are refuse files which
 * viewers show, show others wrongly, or take memory before they look at the size. What is sound but not read is told by
 * its name ({@code OtherFormats}). Of HEIC and AVIF the boxes are read here ({@code HeifFile}), and what is coded as the
 * frames of a film is decoded by a {@link io.github.camelvlm.media.FrameDecoder}, which its users bring. What a picture takes of memory and of time is bounded by {@code DecodingBudget} and
 * {@code DecodingTime}.
 */
package io.github.camelvlm.media;
