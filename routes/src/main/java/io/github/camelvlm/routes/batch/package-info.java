/**
 * Files of requests in OpenAI's batch format: JSON Lines, a request a line, answered by a line each. Knows nothing of where
 * they come from.
 */
package io.github.camelvlm.routes.batch;
