/**
 * Which tokens an answer may go on with: what is asked of it becomes a {@link io.github.camelvlm.grammar.Grammar}, the
 * grammar an automaton over bytes, and that tells after each token which may follow.
 */
package io.github.camelvlm.constraint;
