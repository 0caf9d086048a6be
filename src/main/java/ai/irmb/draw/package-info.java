/** Drawings on images: detections and attention. */
@NullMarked
package ai.irmb.draw;

import org.jspecify.annotations.NullMarked;
