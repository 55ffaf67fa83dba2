/** The page on which people try the application in a browser. Its files are resources of this package. */
package io.github.camelvlm.routes.page;
