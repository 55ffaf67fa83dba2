/**
 * The route that describes the pictures of an S3 bucket, and how S3 is reached.
 */
package io.github.camelvlm.routes.s3;
