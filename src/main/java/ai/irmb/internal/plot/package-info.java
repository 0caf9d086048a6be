/** Charts of a validation. They need XChart, an optional dependency. */
@org.jspecify.annotations.NullMarked
package ai.irmb.internal.plot;
