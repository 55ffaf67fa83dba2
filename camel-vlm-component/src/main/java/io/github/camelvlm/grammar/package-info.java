/**
 * What the texts of a language are made of: {@link io.github.camelvlm.grammar.Expression}s, and the rules that they refer
 * to. How it came to them, and what is made of them, are of no concern here.
 */
package io.github.camelvlm.grammar;
