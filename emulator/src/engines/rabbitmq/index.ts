export { RabbitMqEngine, type RabbitMqEngineOptions, type RabbitMqRequest } from './engine';
export { findRabbitMq } from './installation';
