/**
 * What an HTTP service in OpenAI's manner needs beside {@code vlm:chat}: it stands on Camel's {@code platform-http} with
 * Vert.x, and a route uses it by the one bean {@link io.github.camelvlm.http.HttpService}. The artifact {@code
 * camel-platform-http-vertx} is optional; an application that uses this package names it itself.
 */
package io.github.camelvlm.http;
