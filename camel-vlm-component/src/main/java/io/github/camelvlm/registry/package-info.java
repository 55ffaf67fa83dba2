/**
 * The engines of a Camel context: made of what options name, shared by the endpoints that name the same, closed with the
 * context.
 */
package io.github.camelvlm.registry;
