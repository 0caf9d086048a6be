/** Detections drawn on their image, for people to look at. */
@NullMarked
package ai.irmb.draw;

import org.jspecify.annotations.NullMarked;
