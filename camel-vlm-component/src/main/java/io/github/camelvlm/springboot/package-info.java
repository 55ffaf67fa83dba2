/**
 * Sets up the component in a Spring Boot application. The artifact {@code camel-spring-boot} is optional: it is that of the
 * application.
 */
package io.github.camelvlm.springboot;
