package ai.irmb.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

/** What OpenCV makes of a picture: its size and some of its pixels. */
public final class PictureOracle {
  private PictureOracle() {}

  /** Fails unless the picture is what a manifest's oracle says. */
  public static void check(JsonObject oracle, RgbImage picture) {
    assertEquals(oracle.get("width").getAsInt(), picture.width());
    assertEquals(oracle.get("height").getAsInt(), picture.height());
    int tolerance = oracle.get("tolerance").getAsInt();
    for (JsonElement element : oracle.getAsJsonArray("bgr")) {
      JsonObject pixel = element.getAsJsonObject();
      int rgb = picture.rgb(pixel.get("x").getAsInt(), pixel.get("y").getAsInt());
      JsonArray bgr = pixel.getAsJsonArray("value");
      for (int c = 0; c < 3; c++) {
        if (Math.abs(bgr.get(c).getAsInt() - ((rgb >> (8 * c)) & 0xFF)) > tolerance) {
          fail(String.format("%s: found %06x", pixel, rgb));
        }
      }
    }
  }
}
