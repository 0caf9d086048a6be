package ai.irmb.spring;

import ai.irmb.Detector;

/**
 * A bean that changes the detector before it is built, such as to add blocks of the application's
 * own.
 */
@FunctionalInterface
public interface DetectorBuilderCustomizer {
  /** Changes the builder, which has the values of {@code irmb.*}. */
  void customize(Detector.Builder builder);
}
