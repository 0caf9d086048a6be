package example;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** A service that detects objects in uploaded images. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Service {
  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }

  /** The detector, which all requests share. Spring closes it with the context, after them. */
  @Bean(destroyMethod = "close")
  Detector detector(ModelProperties model, Limits limits) {
    Detector detector =
        Detector.builder()
            .weights(model.weights())
            .options(DetectOptions.DEFAULTS.withConfidenceThreshold(model.confidence()))
            .limits(limits)
            .build();
    detector.warmUp();
    return detector;
  }

  /** A small file can contain a huge image, so pixels are limited in addition to the upload. */
  @Bean
  Limits limits(ModelProperties model) {
    return Limits.DEFAULTS.with(Limit.PIXELS, model.pixels());
  }
}
