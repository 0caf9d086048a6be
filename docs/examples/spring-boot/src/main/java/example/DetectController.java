package example;

import ai.irmb.image.ReadOptions;

import ai.irmb.Detector;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** {@code POST /detect} with one or more parts named {@code image}. */
@RestController
class DetectController {
  private final Detector detector;
  private final Limits limits;

  DetectController(Detector detector, Limits limits) {
    this.detector = detector;
    this.limits = limits;
  }

  @PostMapping("/detect")
  List<ImageJson> detect(@RequestParam("image") List<MultipartFile> images)
      throws IOException {
    List<ImageJson> results = new ArrayList<>();
    for (MultipartFile image : images) {
      String name = String.valueOf(image.getOriginalFilename());
      try (InputStream in = image.getInputStream()) {
        results.add(ImageJson.of(name, detector.detect(RgbImage.read(in, name, ReadOptions.DEFAULTS.withLimits(limits)))));
      }
    }
    return results;
  }
}
