/**
 * Converts the head's output to detections: decoding, NMS, mapping to original pixels, masks. Plain
 * arrays in and out, in single precision as PyTorch computes.
 *
 * <p><em>YOLOv5</em> is Ultralytics YOLOv5 7.0, whose results this package reproduces.
 */
@NullMarked
package ai.irmb.internal.postprocess;

import org.jspecify.annotations.NullMarked;
