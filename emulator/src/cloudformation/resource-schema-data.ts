import data from './generated/resource-schemas.generated.json';

/** The generated schemas, in a module of their own so that they are read only when first needed. */
export const resourceSchemaData: object = data;
