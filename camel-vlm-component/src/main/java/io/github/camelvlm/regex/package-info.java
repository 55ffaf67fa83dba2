/** Regular expressions as Python and ECMAScript have them: read, combined with other languages, and written as a grammar. */
package io.github.camelvlm.regex;
