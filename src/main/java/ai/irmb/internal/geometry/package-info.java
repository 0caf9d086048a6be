/**
 * The geometry of resized and letterboxed images: sampling positions, padding, and the way back to
 * original pixels. Arithmetic only; it reproduces OpenCV and Ultralytics YOLOv5 (<em>upstream</em>)
 * to the last bit.
 */
@NullMarked
package ai.irmb.internal.geometry;

import org.jspecify.annotations.NullMarked;
