package ai.irmb;

/** The course of the polygons that are written for masks. */
public enum PolygonMode {
  /**
   * Along the outer edges of the pixels, smoothed by up to 0.75 pixel. The area of the polygon is
   * that of the mask: for programs whose coordinates are continuous, such as COCO's tools.
   */
  EDGES,
  /**
   * Through the centers of the outermost pixels, not smoothed, as upstream and OpenCV's {@code
   * findContours} do. A corner is the pixel's column and row. For programs that draw the outline
   * itself too, such as OpenCV's {@code fillPoly}: they get the mask back, whereas {@link #EDGES}
   * would grow by a pixel.
   */
  CENTERS
}
