/**
 * Which texts an answer may be: a JSON Schema, a regular expression or a list of choices becomes a {@link
 * io.github.camelvlm.constraint.Grammar}, and that tells after each token which tokens may follow.
 */
package io.github.camelvlm.constraint;
