package example;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** The detections in one image, in the form of {@code detect --json}. */
record ImageJson(
    String image, int width, int height, List<Integer> input, List<DetectionJson> detections) {

  static ImageJson of(String image, Detections detections) {
    return new ImageJson(
        image,
        detections.width(),
        detections.height(),
        List.of(detections.inputHeight(), detections.inputWidth()),
        detections.stream().map(DetectionJson::of).toList());
  }

  record DetectionJson(
      @JsonProperty("class") int classId, String label, float confidence, List<Float> box) {

    static DetectionJson of(Detection d) {
      Box box = d.box();
      return new DetectionJson(
          d.classId(),
          d.label(),
          d.confidence(),
          List.of(box.x1(), box.y1(), box.x2(), box.y2()));
    }
  }
}
