/**
 * What the application does instead of running its routes, as its command line says.
 */
package io.github.camelvlm.routes.command;
