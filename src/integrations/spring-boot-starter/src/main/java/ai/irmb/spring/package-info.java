/** A detector as a bean of Spring Boot, with health, metrics and overload protection. */
@NullMarked
package ai.irmb.spring;

import org.jspecify.annotations.NullMarked;
