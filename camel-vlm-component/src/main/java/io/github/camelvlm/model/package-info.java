/**
 * What any vision-language model has: a tokenizer, a chat template, prompts, tools, sampling defaults, and the forms and the
 * placing of its weights. An engine knows a model by {@link io.github.camelvlm.model.ModelWords} and {@link
 * io.github.camelvlm.model.ModelProgram} alone; which family serves a directory is {@link
 * io.github.camelvlm.model.ModelFamilies}' to say.
 */
package io.github.camelvlm.model;
