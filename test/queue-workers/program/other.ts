console.log('another program');
