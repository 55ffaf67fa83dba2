/**
 * What all of the application tells alike: captions as JSON, why something failed and what its options are called in that,
 * what is tried again, whether a route can do its work.
 */
package io.github.camelvlm.routes.report;
