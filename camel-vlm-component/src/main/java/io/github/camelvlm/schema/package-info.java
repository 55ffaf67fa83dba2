/** Makes a grammar of a JSON Schema: of the texts that are valid by it, each written in one way. */
package io.github.camelvlm.schema;
