package example;

import ai.irmb.DetectOptions;
import ai.irmb.Detector;
import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Bean;

/** Finds objects in uploaded images. */
@SpringBootApplication
@ConfigurationPropertiesScan
public class Service {
  public static void main(String[] args) {
    SpringApplication.run(Service.class, args);
  }

  /** The one detector: shared by all requests, closed with the context once they are done. */
  @Bean(destroyMethod = "close")
  Detector detector(ModelProperties model, Limits limits) {
    Detector detector =
        Detector.builder()
            .weights(model.weights())
            .options(DetectOptions.DEFAULTS.withConfidence(model.confidence()))
            .limits(limits)
            .build();
    detector.warmUp();
    return detector;
  }

  /** A small file can hold a huge image, so the pixels are bounded as well as the upload. */
  @Bean
  Limits limits(ModelProperties model) {
    return Limits.DEFAULTS.with(Limit.PIXELS, model.pixels());
  }
}
