/** JSON files: results and provenance. What is in them belongs to the packages that write them. */
package org.mien.core.json;
