package org.mien.core.config;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of a configuration record. A component is required unless it has a {@link
 * #defaultValue()} or is an {@code Optional}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
  /** What the key means, with its unit; one or two sentences, shown by editors. */
  String value();

  /** The default as YAML, for example {@code "1e-3"}, {@code "[]"} or {@code "{type: none}"}. */
  String defaultValue() default "";

  /** Smallest allowed number, inclusive unless {@link #exclusiveMin()}. */
  double min() default Double.NEGATIVE_INFINITY;

  /** Largest allowed number, inclusive unless {@link #exclusiveMax()}. */
  double max() default Double.POSITIVE_INFINITY;

  /** Whether {@link #min()} itself is not allowed. */
  boolean exclusiveMin() default false;

  /** Whether {@link #max()} itself is not allowed. */
  boolean exclusiveMax() default false;
}
