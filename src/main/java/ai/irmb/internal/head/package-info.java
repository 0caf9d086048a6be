/** The geometry of a YOLOv5 detection head: the order of its channels, and its anchors. */
@NullMarked
package ai.irmb.internal.head;

import org.jspecify.annotations.NullMarked;
