/**
 * What makes a model a Qwen2-VL: its configuration, tokenizer, chat template, picture sizes and positions, and the
 * TorchScript program that computes it. A second family of models is a new package beside this one.
 */
package io.github.camelvlm.qwen;
