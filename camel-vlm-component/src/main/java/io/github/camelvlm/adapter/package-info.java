/** Reads LoRA adapters as PEFT writes them, and holds them against the model that they are for. */
package io.github.camelvlm.adapter;
