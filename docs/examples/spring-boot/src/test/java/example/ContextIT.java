package example;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Spring closes the detector with the application's context. */
class ContextIT {
  @Test
  void closesTheDetectorWithTheContext() {
    Detector detector;
    try (ConfigurableApplicationContext context =
        SpringApplication.run(
            Service.class,
            "--server.port=0",
            "--irmb.weights="
                + RunningService.REPOSITORY.resolve("models/bccd-yolov5n_iRMB.pt"))) {
      detector = context.getBean(Detector.class);
      detector.detect(RgbImage.of(8, 8, new byte[192]));
    }
    RgbImage image = RgbImage.of(8, 8, new byte[192]);
    assertThatIllegalStateException().isThrownBy(() -> detector.detect(image));
  }
}
