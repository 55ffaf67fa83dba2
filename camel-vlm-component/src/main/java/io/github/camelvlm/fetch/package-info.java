/**
 * The bytes of pictures from where a request says they are: {@link io.github.camelvlm.fetch.PictureFetcher} gets them from
 * data URLs, over HTTP and from files, as far as a {@link io.github.camelvlm.fetch.PicturePolicy} allows it. What the bytes
 * are is the package {@code media}'s.
 */
package io.github.camelvlm.fetch;
