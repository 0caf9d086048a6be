package example;

import ai.irmb.Detector;
import ai.irmb.format.DetectionWriter;
import ai.irmb.format.ImageEntry;
import ai.irmb.format.TextFormat;
import ai.irmb.image.ReadOptions;
import ai.irmb.image.RgbImage;
import ai.irmb.limit.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.List;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** {@code POST /detect} with one or more parts named {@code image}. */
@RestController
class DetectController {
  private final Detector detector;
  private final ReadOptions reading;

  DetectController(Detector detector, Limits limits) {
    this.detector = detector;
    this.reading = ReadOptions.DEFAULTS.withLimits(limits);
  }

  /** {@return the JSON that {@code detect --json} prints} */
  @PostMapping(path = "/detect", produces = MediaType.APPLICATION_JSON_VALUE)
  String detect(@RequestParam("image") List<MultipartFile> images) throws IOException {
    StringWriter json = new StringWriter();
    DetectionWriter writer = TextFormat.JSON.create(json);
    for (MultipartFile image : images) {
      String name = String.valueOf(image.getOriginalFilename());
      try (InputStream in = image.getInputStream()) {
        RgbImage pixels = RgbImage.read(in, name, reading);
        writer.add(new ImageEntry(name, name, name, 0), detector.detect(pixels));
      }
    }
    writer.finish();
    return json.toString();
  }
}
