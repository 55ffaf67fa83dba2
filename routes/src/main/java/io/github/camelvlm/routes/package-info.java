/**
 * The application: Camel Main with routes in YAML. Java is here only for what YAML cannot say.
 */
package io.github.camelvlm.routes;
