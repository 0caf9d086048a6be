package example;

import ai.irmb.Detections;
import ai.irmb.Timings;
import ai.irmb.format.DetectionWriter;
import ai.irmb.format.ImageEntry;
import ai.irmb.format.TextFormat;
import ai.irmb.spring.DetectorTemplate;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.multipart.MultipartFile;

/** {@code POST /detect} with one or more parts named {@code image}. */
@RestController
class DetectController {
  private final DetectorTemplate detector;

  DetectController(DetectorTemplate detector) {
    this.detector = detector;
  }

  /** {@return the JSON that {@code detect --json} prints; the times are in a header} */
  @PostMapping(
      path = "/detect",
      consumes = MediaType.MULTIPART_FORM_DATA_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<String> detect(@RequestParam("image") List<MultipartFile> images)
      throws IOException {
    StringWriter json = new StringWriter();
    Timings times = Timings.NONE;
    DetectionWriter writer = TextFormat.JSON.create(json);
    for (MultipartFile image : images) {
      String name = String.valueOf(image.getOriginalFilename());
      try (InputStream in = image.getInputStream()) {
        Detections detections = detector.detect(in, name);
        times = times.plus(detections.timings());
        writer.add(new ImageEntry(name, name, name, 0), detections);
      }
    }
    writer.finish();
    return ResponseEntity.ok()
        .header("Server-Timing", serverTiming(times))
        .contentType(MediaType.APPLICATION_JSON)
        .body(json.toString());
  }

  /** {@return the times as the header that browsers show with a request} */
  private static String serverTiming(Timings times) {
    return String.format(
        Locale.ROOT,
        "decode;dur=%.1f, letterbox;dur=%.1f, inference;dur=%.1f, postprocess;dur=%.1f",
        times.decode(),
        times.letterbox(),
        times.inference(),
        times.postprocess());
  }
}
