/**
 * What passes between messages and engines: requests are made of bodies, headers and options, with the pictures and the
 * conversation that belong to them, and answers become headers again.
 */
package io.github.camelvlm.exchange;
