/**
 * The soak: {@code mvn -Psoak -DskipTests verify}. {@link io.github.camelvlm.routes.soak.Soak} runs the application for
 * minutes or hours under the requests, pictures and messages of good and hostile clients, kills it now and then, and tells
 * what was answered wrongly, lost or done twice.
 */
package io.github.camelvlm.routes.soak;
