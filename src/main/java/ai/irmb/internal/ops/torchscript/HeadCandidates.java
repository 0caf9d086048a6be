package ai.irmb.internal.ops.torchscript;

/**
 * The boxes of one detection head whose objectness is large enough, in the order anchor, image,
 * row, column.
 *
 * @param values a box after the other: x, y, width, height, objectness and classes after the
 *     sigmoid, not yet decoded to pixels; then mask coefficients as they are
 * @param indices where each box was, as the index into (anchors, images, rows, columns)
 */
// The arrays are handed over, not shared: they are as large as all the boxes of an image.
@SuppressWarnings("ArrayRecordComponent")
public record HeadCandidates(float[] values, long[] indices) {}
