/** Sets up the component in a Spring Boot application. */
package io.github.camelvlm.springboot;
