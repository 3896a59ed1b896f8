console.log(process.env.QUEUE_URL);
