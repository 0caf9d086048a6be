package example;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** One image's detections, as the command line's {@code --json} has them. */
record ImageJson(
    String image, int width, int height, List<Integer> input, List<DetectionJson> detections) {

  static ImageJson of(String image, Detections found) {
    return new ImageJson(
        image,
        found.width(),
        found.height(),
        List.of(found.inputHeight(), found.inputWidth()),
        found.stream().map(DetectionJson::of).toList());
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
