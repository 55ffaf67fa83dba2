/**
 * The route that answers the messages of a JMS queue.
 */
package io.github.camelvlm.routes.queue;
