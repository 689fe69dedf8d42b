/**
 * Margins: what a loss makes of the cosine between an embedding and its own identity. Plain Java,
 * for every engine that trains with them; no networks here.
 */
package org.mien.model.margin;
