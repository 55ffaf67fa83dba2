/**
 * The application: Camel Main with routes in YAML. Java is here only for what YAML cannot say; each route has a package for
 * that.
 */
package io.github.camelvlm.routes;
