package ai.irmb.track;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.irmb.Box;
import ai.irmb.Detection;
import ai.irmb.Detections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("fast")
class ZoneTest {
  /** An L: the upper right quarter of a square of 200 pixels is missing. */
  private static final Zone L =
      Zone.of("L", 100, 100, 200, 100, 200, 200, 300, 200, 300, 300, 100, 300);

  private static Box standing(float x, float y) {
    return new Box(x - 10, y - 40, x + 10, y);
  }

  @ParameterizedTest
  @CsvSource({
    "150, 150, true",
    "250, 250, true",
    "250, 150, false",
    "99, 150, false",
    "301, 250, false",
    // Each edge and corner, the inner one too.
    "150, 100, true",
    "200, 150, true",
    "250, 200, true",
    "300, 250, true",
    "200, 300, true",
    "100, 200, true",
    "100, 100, true",
    "200, 200, true",
    "300, 300, true",
    // On the extension of an edge, beyond its end.
    "250, 100, false",
    "300, 150, false",
  })
  void insideAreThePolygonAndItsEdge(float x, float y, boolean expected) {
    assertEquals(expected, L.contains(standing(x, y)));
  }

  @Test
  void theAnchorDecides() {
    Box box = standing(150, 310);
    assertFalse(L.contains(box));
    assertTrue(L.withAnchor(Anchor.CENTER).contains(box));
    assertTrue(L.withAnchor(Anchor.TOP_CENTER).contains(box));
    assertFalse(L.withAnchor(Anchor.CENTER).contains(standing(150, 110)));
  }

  @Test
  void theDirectionOfTheCornersDoesNotMatter() {
    Zone reversed = Zone.of("L", 100, 300, 300, 300, 300, 200, 200, 200, 200, 100, 100, 100);
    for (int y = 90; y <= 310; y += 10) {
      for (int x = 90; x <= 310; x += 10) {
        boolean inL = x >= 100 && x <= 300 && y >= 100 && y <= 300 && (x <= 200 || y >= 200);
        assertEquals(inL, L.contains(standing(x, y)), x + ", " + y);
        assertEquals(inL, reversed.contains(standing(x, y)), x + ", " + y);
      }
    }
  }

  @Test
  void countsEachClass() {
    Detection person = new Detection(0, "person", 0.9f, standing(150, 150));
    Detection bus = new Detection(5, "bus", 0.8f, standing(250, 250));
    Detection outside = new Detection(0, "person", 0.7f, standing(250, 150));
    Detections inside = L.inside(new Detections(400, 400, 640, 640, List.of(person, bus, outside)));
    assertEquals(List.of(person, bus), inside.list());
    assertEquals(Map.of("person", 1, "bus", 1), inside.counts());
  }

  @Test
  void refusesWhatIsNoPolygon() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> Zone.of("a", 1, 2, 3, 4));
    assertEquals("zone a: expected x and y of at least 3 corners, found 4 values", e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> Zone.of("a", 1, 2, 3, 4, 5, 6, 7));
    assertThrows(IllegalArgumentException.class, () -> Zone.of("a", 1, 2, 3, 4, 5, Double.NaN));
  }
}
