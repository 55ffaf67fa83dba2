/**
 * DJL's PyTorch engine, and nothing else: programs in TorchScript text, checkpoints in safetensors files, devices. What
 * knows of TorchScript's file format or of DJL's native values stays here.
 */
package io.github.camelvlm.torch;
